import './base.css';
import './states.css';
import './library.css';
import './history.css';
import './diff.css';
import './editor.css';
